"""The journey of ``make demo`` and the synthetic people it is made with."""
