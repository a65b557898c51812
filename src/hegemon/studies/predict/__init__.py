"""Predictions: a probability for each instrument in each crisis."""
