"""The world data pack: raw facts on all states and pairs of states, 1945 to 2024, from which the figures of any order are built.

It is built on the user's machine from official files (`building`), since most of them are free to use but not ours to pass on;
`manifest` says what each column is, where it comes from and on what terms; `opening` reads and checks a pack; `world` answers
questions about it; `facts` shows every raw fact with its source.
"""
