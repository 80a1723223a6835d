"""Reports of an audit run: HTML for the director, console for the engineer, JUnit for CI."""
