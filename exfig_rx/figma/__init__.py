"""Figma's REST API: requests out, decoded answers in.

`endpoints` knows the questions and how to read the answers, `client` exchanges one over HTTP, `refusals` puts failures
into words, `retry` asks again, `api` is what the pipelines see. Rule: nothing here knows that requests are paced or
shared; that wraps around the one type `Send`.
"""
