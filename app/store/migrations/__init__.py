"""How the tables came to be: a folder for each schema, a file for each step, none ever changed once released."""
