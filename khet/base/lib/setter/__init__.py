"""Setting pages with Typst: inside whoever asks for a letter, and as a process of its own for books (``__main__``). Knows no Django."""
