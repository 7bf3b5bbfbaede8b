"""Our own hub (W3C WebSub): whoever subscribes to a feed of ours is told of news at once.

``requests`` takes wishes, ``verify`` asks the callbacks whether they are theirs, ``deliver`` finds out what is new and
sends it. What is pending and unsent stands in the database; a lost queue loses nothing.
"""
