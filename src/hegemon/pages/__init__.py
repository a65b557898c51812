"""Pages: a document of prose, figures and tables, rendered to HTML, Markdown and the terminal.

    document            what is told
    html markdown terminal   how it is shown
    figure              a picture before it is drawn: kind, data and words
    charts/             one renderer per kind of figure
"""
