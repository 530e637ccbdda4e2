"""The public interface of modules, read from their syntax trees."""
