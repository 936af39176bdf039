"""How a class is graded: one submission is one job, run in a sandbox, recorded by whoever asked for it.

worker      inside the sandbox: runs one notebook after the other, each in a process of its own
sandbox     outside of it: starts the sandbox, asks the worker, ends what takes too long
job         one submission, as data: what was handed in → its notebook with outputs, or why there is none
canaries    wrong answers that must fail wherever they are tried
records     the gradebook, the pages, the tables
tidy        nothing that a student wrote runs in anybody's browser
"""
