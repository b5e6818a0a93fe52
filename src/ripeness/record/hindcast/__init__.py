"""How good were forecasts made from what was known, next to simple ones?"""
