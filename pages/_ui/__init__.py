"""What the pages share: navigation, session state, services, caches and components."""
