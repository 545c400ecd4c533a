"""The stages, a module each: plain functions from typed values to typed values, without files, globals or a clock."""
