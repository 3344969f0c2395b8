"""A combined plane as one page that opens offline: page.html, page.css and the scripts here, and the plane as JSON."""
