"""Repositories by GitHub's number: what each is called now, and what it was called before."""
