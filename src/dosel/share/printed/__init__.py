"""Reports on paper: a document of plain values, its maps, and the PDF that they become."""
