"""What a run gives back: figures, wording, the terminal's page and the self-contained page."""
