"""The other kinds of file: sheets and documents of words, written from the same composed book."""
