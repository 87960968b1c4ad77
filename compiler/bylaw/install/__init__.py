"""What bylaw puts into the configuration of other programs, and takes out again, byte for byte."""
