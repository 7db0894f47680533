"""The book: its pages as readers get them, its tables, its tools."""
