"""主体库: organisations by unified social credit code, and what authorities have said about them.

In come registrations and reports, out go versions of organisations and standings, each with publisher, basis, period.
A name without a code stays a mention and never becomes an organisation. 国发〔2015〕33号.
"""
