"""Sites that are watched: their feeds, sitemaps and lists of links to new articles in the store."""
