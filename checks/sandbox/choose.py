from checks.sandbox.bubblewrap import Bubblewrap
def choose(): return Bubblewrap()
