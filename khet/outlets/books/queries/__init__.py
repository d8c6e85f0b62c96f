"""Reads of books: editions as people see them, and the facts that a book is composed of."""
