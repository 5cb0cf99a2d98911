"""The screens of the walk-through from nothing to the first 200."""
