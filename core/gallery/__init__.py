"""Images of assets with their labels drawn on them."""
