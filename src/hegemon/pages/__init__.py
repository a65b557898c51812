"""What a reader meets, whatever was asked: figures by kind, their words and colours, and how they become pictures.

Nothing heavy is imported until something is drawn.
"""
