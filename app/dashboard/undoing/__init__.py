"""The button of a details page that takes back what was merged."""
