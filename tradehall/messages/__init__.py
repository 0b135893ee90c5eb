"""消息: tells people what happened to something they asked to hear of.

In comes a message to an account or to a confirmed mail address, about a Ref; out goes the delivery with its receipts:
queued, sent, accepted, refused, bounced, read. It knows no notices: who must be told of what is found by the reader
`disclosure.matcher`. 个人信息保护法 13, 15, 19.
"""
