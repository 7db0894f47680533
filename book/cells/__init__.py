"""What the cells of the pages import: plots, interactive figures, pretrained models, memory that is counted."""
