"""`selfmod doctor`: what keeps the App from working, each with its remedy."""
