"""Names of functions and classes that are dangerous to call, by the pattern that they belong to. A `*` stands for the
rest of a name."""

import re
from fnmatch import translate

EVAL = "builtins.eval builtins.exec builtins.compile code.InteractiveInterpreter code.InteractiveConsole code.interact"
SHELL = """
    os.system os.popen os.popen2 os.popen3 os.popen4 subprocess.getoutput subprocess.getstatusoutput
    asyncio.create_subprocess_shell asyncio.subprocess.create_subprocess_shell commands.getoutput
    commands.getstatusoutput popen2.* pty.spawn
"""
PROCESS = """
    subprocess.run subprocess.Popen subprocess.call subprocess.check_call subprocess.check_output
    asyncio.create_subprocess_exec asyncio.subprocess.create_subprocess_exec os.execl os.execle os.execlp os.execlpe
    os.execv os.execve os.execvp os.execvpe os.spawn* os.posix_spawn* os.startfile webbrowser.open* pexpect.spawn
    pexpect.run sh.Command plumbum.local fabric.Connection invoke.run
"""
CONTROL = """
    os.kill os.killpg os.fork os.forkpty os.abort os._exit os.setuid os.setgid os.seteuid os.setegid os.setresuid
    os.setgroups os.setns os.unshare os.chroot os.ptrace os.pidfd_open signal.pthread_kill signal.pidfd_send_signal
    signal.raise_signal ctypes.CDLL ctypes.PyDLL ctypes.WinDLL ctypes.OleDLL ctypes.cdll.* ctypes.windll.*
    ctypes.pythonapi* ctypes.CFUNCTYPE ctypes.PYFUNCTYPE ctypes.WINFUNCTYPE ctypes.memmove ctypes.memset
    ctypes.string_at ctypes.cast cffi.FFI _ctypes.* sys.settrace sys.setprofile types.CodeType
"""
CONTROL_MILD = """
    signal.signal signal.sigaction signal.setitimer signal.alarm multiprocessing.Process multiprocessing.Pool
    multiprocessing.pool.Pool multiprocessing.get_context
"""
DELETION = "shutil.rmtree os.removedirs"
DELETION_ONE = """
    os.remove os.unlink os.rmdir pathlib.Path.unlink pathlib.Path.rmdir pathlib.PosixPath.unlink
    pathlib.PosixPath.rmdir
"""
NETWORK = """
    requests.get requests.post requests.put requests.patch requests.delete requests.head requests.options
    requests.request requests.Session requests.session requests.sessions.Session httpx.get httpx.post httpx.put
    httpx.patch httpx.delete httpx.head httpx.options httpx.request httpx.stream httpx.Client httpx.AsyncClient
    aiohttp.ClientSession aiohttp.request aiohttp.TCPConnector urllib.request.urlopen urllib.request.urlretrieve
    urllib.request.Request urllib.request.build_opener urllib.request.URLopener urllib.request.FancyURLopener
    urllib.urlopen urllib.urlretrieve urllib2.urlopen urllib2.Request urllib3.PoolManager urllib3.request
    urllib3.ProxyManager urllib3.HTTPConnectionPool urllib3.HTTPSConnectionPool http.client.HTTPConnection
    http.client.HTTPSConnection httplib.HTTPConnection httplib.HTTPSConnection httplib2.Http socket.socket
    socket.create_connection socket.create_server socket.getaddrinfo socket.gethostbyname socket.fromfd
    _socket.socket ftplib.FTP ftplib.FTP_TLS smtplib.SMTP smtplib.SMTP_SSL smtplib.LMTP poplib.POP3 poplib.POP3_SSL
    imaplib.IMAP4 imaplib.IMAP4_SSL nntplib.NNTP telnetlib.Telnet telnetlib3.open_connection
    xmlrpc.client.ServerProxy xmlrpc.server.SimpleXMLRPCServer socketserver.TCPServer socketserver.UDPServer
    socketserver.ThreadingTCPServer http.server.HTTPServer http.server.ThreadingHTTPServer
    asyncio.open_connection asyncio.start_server asyncio.open_unix_connection websocket.create_connection
    websocket.WebSocketApp websockets.connect websockets.serve websockets.sync.client.connect paramiko.SSHClient
    paramiko.Transport asyncssh.connect pycurl.Curl grpc.insecure_channel grpc.secure_channel grpc.aio.insecure_channel
    zmq.Context pika.BlockingConnection dns.resolver.resolve dns.resolver.query scapy.all.send scapy.all.sr1 smbclient.*
    ssl.get_server_certificate trio.open_tcp_stream anyio.connect_tcp tornado.httpclient.*
"""
DESERIALISATION = """
    pickle.load pickle.loads pickle.Unpickler _pickle.load _pickle.loads _pickle.Unpickler cPickle.load cPickle.loads
    cPickle.Unpickler dill.load dill.loads dill.Unpickler dill.load_session cloudpickle.load cloudpickle.loads
    marshal.load marshal.loads shelve.open shelve.DbfilenameShelf shelve.Shelf joblib.load sklearn.externals.joblib.load
    pandas.read_pickle pandas.io.pickle.read_pickle jsonpickle.decode jsonpickle.unpickler.Unpickler yaml.unsafe_load
    yaml.unsafe_load_all torch.hub.load multiprocessing.reduction.ForkingPickler.loads pickle5.load pickle5.loads
    hickle.load
"""
YAML_LOAD = "yaml.load yaml.load_all"
YAML_SAFE = (
    "yaml.SafeLoader yaml.CSafeLoader yaml.BaseLoader yaml.CBaseLoader yaml.loader.SafeLoader yaml.cyaml.CSafeLoader"
)
TORCH_LOAD = "torch.load"
NUMPY_LOAD = "numpy.load"
IMPORT = """
    importlib.import_module builtins.__import__ importlib.__import__ importlib.util.spec_from_file_location
    importlib.machinery.SourceFileLoader importlib.machinery.SourcelessFileLoader
    importlib.machinery.ExtensionFileLoader imp.load_source imp.load_module imp.load_compiled imp.load_dynamic
    runpy.run_path runpy.run_module builtins.execfile zipimport.zipimporter pkgutil.resolve_name pydoc.locate
"""
DECODING = """
    base64.b64decode base64.urlsafe_b64decode base64.standard_b64decode base64.b32decode base64.b32hexdecode
    base64.b16decode base64.b85decode base64.a85decode base64.decodebytes base64.decodestring base64.z85decode
    codecs.decode codecs.getdecoder binascii.unhexlify binascii.a2b_* builtins.bytes.fromhex builtins.bytearray.fromhex
    zlib.decompress zlib.decompressobj gzip.decompress bz2.decompress lzma.decompress marshal.loads marshal.load
    quopri.decodestring uu.decode cryptography.fernet.Fernet Crypto.Cipher.AES.new
"""
READING_OUTSIDE = """
    requests.get requests.post requests.request httpx.get httpx.post httpx.request urllib.request.urlopen
    urllib2.urlopen urllib.urlopen urllib3.request socket.create_connection dns.resolver.resolve
"""
RUNNING = "builtins.eval builtins.exec types.FunctionType types.CodeType code.InteractiveInterpreter"


def _any_of(names: str) -> re.Pattern[str]:
    return re.compile("|".join(translate(name) for name in names.split()))


class Among:
    """Whether any of some meanings is one of these names."""

    def __init__(self, names: str) -> None:
        self._form = _any_of(names)

    def first(self, meanings: frozenset[str]) -> str | None:
        """The first of them, in the order of letters; None where none is."""
        return next((name for name in sorted(meanings) if self._form.match(name)), None)


BY_RULE: tuple[tuple[str, Among], ...] = (
    ("dangerous-eval", Among(EVAL)),
    ("dangerous-shell", Among(SHELL)),
    ("dangerous-process", Among(PROCESS)),
    ("dangerous-process-control", Among(f"{CONTROL} {CONTROL_MILD}")),
    ("dangerous-deletion", Among(f"{DELETION} {DELETION_ONE}")),
    ("dangerous-network", Among(NETWORK)),
    ("dangerous-deserialisation", Among(f"{DESERIALISATION} {YAML_LOAD} {TORCH_LOAD} {NUMPY_LOAD}")),
    ("dangerous-import", Among(IMPORT)),
)
AS_VALUE = Among(
    "builtins.eval builtins.exec builtins.__import__ os.system os.popen pickle.loads marshal.loads shutil.rmtree"
)
"""Functions that are as dangerous where they are handed on as where they are called."""
MILD = Among(f"{CONTROL_MILD} {DELETION_ONE}")
DECODERS, DOWNLOADS, RUNNERS = Among(DECODING), Among(READING_OUTSIDE), Among(RUNNING)
COMMANDS = Among(f"{SHELL} {PROCESS}")
YAML, SAFE_LOADERS, TORCH, NUMPY = Among(YAML_LOAD), Among(YAML_SAFE), Among(TORCH_LOAD), Among(NUMPY_LOAD)
