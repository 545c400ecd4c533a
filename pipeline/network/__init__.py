"""The co-occurrence network: counts first, statistics on counts alone, then nodes and edges with the sentences behind them."""
