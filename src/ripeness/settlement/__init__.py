"""Why does it end, and on what terms? Deals, beliefs, what going on is worth, the range, the deal struck."""
