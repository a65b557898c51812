"""Pages: a document in sections of prose, figures and tables, rendered to HTML, Markdown and the terminal."""
