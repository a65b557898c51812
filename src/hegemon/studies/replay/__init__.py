"""The coded record driven through an order: how likely was it, part by part, and where does it leave the neighbours?"""
