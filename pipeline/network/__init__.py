"""The co-occurrence network: counts first, statistics on counts alone, then edges with the sentences behind them."""
