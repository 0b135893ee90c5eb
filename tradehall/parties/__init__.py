"""主体库: organisations by unified social credit code, and what authorities have said about them.

In come registrations and reports, out go versions of organisations and standings (审批核准 资质 处罚 奖励 失信 撤销), each with
publisher, basis and period. A name without a code stays a mention and never becomes an organisation. 国发〔2015〕33号.
"""
