"""How a pull request gets into its branch on GitHub, and out of it again."""
