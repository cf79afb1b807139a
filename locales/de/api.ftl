## Die Seite, die die Schnittstelle für Programme beschreibt

api-title = Die Schnittstelle für Programme
api-lede = Was Sie auf diesen Seiten dürfen, darf mit <a href="{ $tokens }">einem Token von Ihnen</a> auch ein Programm für Sie tun. Die Einzelheiten sind auf Englisch.
api-document = Programme lesen dasselbe als <a href="{ $href }">OpenAPI-Dokument</a>.
api-documents = Dokumente
api-problems = Fehler
api-link = Was Programme tun können
