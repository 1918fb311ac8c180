"""The four services. They never import one another and talk only through the broker."""
