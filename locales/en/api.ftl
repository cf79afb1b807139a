## The page that describes the API for programs

api-title = The API for programs
api-lede = Whatever you may do on these pages, a program may do for you with <a href="{ $tokens }">a token of yours</a>.
api-document = Programs read the same as <a href="{ $href }">an OpenAPI document</a>.
api-documents = Documents
api-problems = Problems
api-link = What programs can do
