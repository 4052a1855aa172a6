"""UBL 2.1 documents (ISO/IEC 19845) as Peppol uses them: orders out, responses and despatch advices in."""
