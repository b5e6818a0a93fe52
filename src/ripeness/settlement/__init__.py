"""Why does it end, and on what terms? Deals, beliefs, the worth of going on, the deal struck."""
