"""The report of a diagnosis: one document (the interface's JSON), and its renderings as text and Markdown."""
