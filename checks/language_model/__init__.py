"""The language model: whom selfmod asks for code, where one is configured."""
