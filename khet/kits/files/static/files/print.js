// Opens the printer's dialog once every page is drawn.
await Promise.all([...document.images].map((picture) => picture.decode().catch(() => undefined)));
window.print();
