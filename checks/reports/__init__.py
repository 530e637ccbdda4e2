"""Pure renderers of a review: values in, text out."""
