"""A plugin's config: JSON text that is checked, edited and compared, and sent as it stands."""
