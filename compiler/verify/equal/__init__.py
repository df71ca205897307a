"""Whether two terms are equal: points, edges and cases."""
