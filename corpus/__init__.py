"""Many articles: the gold articles and the measure of the records against them."""
