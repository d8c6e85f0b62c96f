"""What is done to PDFs and pictures of strangers, in a child process only (see ``khet.base.lib.limited``)."""
